package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** The group of a type's tools: the unit in which tools are documented, listed and disabled. */
@Retention(RUNTIME)
@Target(TYPE)
public @interface ToolGroup {
  /** Its stable name, such as {@code users}. */
  String id();

  /** Its description for people; only the first registered type of the group has one. */
  String description() default "";
}
