package dev.clerkmcp.registry.argument;

import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.RECORD_COMPONENT;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Marks an argument that is a point in time. Its Java type is what Clerk takes: {@code Long} for
 * epoch milliseconds, {@code String} for RFC 3339. A caller may write it in any of the forms that
 * {@link PointInTime} reads.
 */
@Retention(RUNTIME)
@Target({PARAMETER, RECORD_COMPONENT})
public @interface Time {
  /** Whether it must lie ahead, so that a span of time never counts back from now. */
  boolean ahead() default false;
}
