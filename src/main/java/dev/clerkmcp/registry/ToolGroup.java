package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** A Clerk resource group: the unit in which tools are documented, enabled and disabled. */
@Retention(RUNTIME)
@Target(TYPE)
public @interface ToolGroup {
  /** Stable name, such as {@code users}. Composed tools name the group they belong to. */
  String id();

  /** What the group holds, for people; given once, by the type that opens the group. */
  String description() default "";
}
