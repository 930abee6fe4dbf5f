package dev.clerkmcp.registry.argument;

import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.RECORD_COMPONENT;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Marks an argument that is a point in time. Its Java type is Clerk's: {@code Long} for epoch
 * milliseconds, {@code String} for RFC 3339. Callers can use all formats of {@link PointInTime}.
 */
@Retention(RUNTIME)
@Target({PARAMETER, RECORD_COMPONENT})
public @interface Time {
  /** Whether it must be in the future, so that a span of time cannot count back. */
  boolean ahead() default false;
}
