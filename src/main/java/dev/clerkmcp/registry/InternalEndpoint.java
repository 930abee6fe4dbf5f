package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Declares a Clerk endpoint that only composed tools call; it is no tool of its own. */
@Retention(RUNTIME)
@Target(METHOD)
public @interface InternalEndpoint {
  /** What calling the endpoint does to the Clerk instance. */
  Effect value();
}
