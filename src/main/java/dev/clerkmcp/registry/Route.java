package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * The Clerk endpoint of a method, written as in Clerk's reference: {@code "PATCH
 * /users/{user_id}"}. Arguments named in the path fill it; the others become the query string of a
 * GET or DELETE, or the JSON body of a POST, PUT or PATCH. A query string in the route is sent with
 * every request.
 */
@Retention(RUNTIME)
@Target(METHOD)
public @interface Route {
  /** Method and path template. */
  String value();

  /**
   * The field with a whole number that Clerk's answer must have, for an operation that counts: an
   * answer without it would be read as zero. Empty for any other operation.
   */
  String number() default "";
}
