package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Declares the fields of an endpoint's answer that are credentials, so that they are masked. */
@Retention(RUNTIME)
@Target(METHOD)
public @interface Secret {
  /** Their paths: {@code client_secret}, {@code [].url}, {@code keys[].d}. */
  String[] value();

  /**
   * Whether the values are also written to a file for a person, since Clerk shows them only once.
   */
  boolean kept() default false;
}
