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
}
