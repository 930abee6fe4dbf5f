package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Declares an MCP tool. An abstract method carries a {@link Route} and is served by calling Clerk;
 * a method with a body is served by running it. Never both.
 */
@Retention(RUNTIME)
@Target(METHOD)
public @interface Tool {
  /** Stable public name, {@code clerk_<resource>_<verb>}, of 40 characters at most. */
  String name();

  /** What a host shows to people: a verb and its object. */
  String title();

  /** What calling the tool does to the Clerk instance; becomes the MCP hints. */
  Effect effect();

  /**
   * Whether it reaches beyond the Clerk instance: sends an email or SMS, or asks another service.
   * Becomes MCP's openWorldHint.
   */
  boolean openWorld() default false;

  /** Whether people use it daily, so that it is listed unless a host asks for other toolsets. */
  boolean core() default false;

  /** Names in other connectors or former names: callable, never listed. */
  String[] aliases() default {};
}
