package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Declares an endpoint that composed tools call, but that is not a tool itself. */
@Retention(RUNTIME)
@Target(METHOD)
public @interface InternalEndpoint {
  /** The effect of a call on the Clerk instance. */
  Effect value();

  /**
   * The composed tool that answers with what the endpoint reads. A rule of the policy that keeps
   * this tool from reading is about the endpoint, too.
   */
  String readBy() default "";
}
