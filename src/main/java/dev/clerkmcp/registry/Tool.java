package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import dev.clerkmcp.registry.OperationFacts.Risk;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Declares an MCP tool. An abstract method has a {@link Route} and is served by a request to Clerk;
 * a method with a body is served by running it. It must not have both.
 */
@Retention(RUNTIME)
@Target(METHOD)
public @interface Tool {
  /** Stable public name, {@code clerk_<resource>_<verb>}, of 40 characters at most. */
  String name();

  /** The title for people: a verb and its object. */
  String title();

  /** The effect of a call on the Clerk instance; becomes the MCP hints. */
  Effect effect();

  /**
   * Whether it may send an email or SMS, or contact another service. Becomes MCP's openWorldHint.
   */
  boolean openWorld() default false;

  /**
   * Whether it works on an instance, so that a call must name one of several that have no default.
   */
  boolean needsInstance() default true;

  /**
   * The routes of a tool with a body that its requests can have, as far as they change something,
   * in their order. Its possible risks are those of these operations.
   */
  String[] sends() default {};

  /** The risks of every call of a composed tool; those of other tools stand at their operation. */
  Risk[] always() default {};

  /** Whether it is for daily work and in the toolset {@code core}, which is listed by default. */
  boolean core() default false;

  /** Whether hosts that load tools on demand, by a search, load it at once. */
  boolean alwaysLoad() default false;

  /** Words that people use and its name and description lack, for the search of such hosts. */
  String searchHint() default "";

  /**
   * What to write in {@code where}, by examples, of a list whose listed arguments include {@code
   * where}, {@code count} and {@code by}. Every other list takes them too.
   */
  String where() default "";

  /** Former names, and names in other MCP servers: callable, never listed. */
  String[] aliases() default {};
}
