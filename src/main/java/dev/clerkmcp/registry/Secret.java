package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Declares which fields of an endpoint's answer are credentials, so that they stay with people. */
@Retention(RUNTIME)
@Target(METHOD)
public @interface Secret {
  /** Their paths: {@code client_secret}, {@code [].url}, {@code keys[].d}. */
  String[] value();

  /** Whether a person needs them and is told a file that holds them; else they are only masked. */
  boolean kept() default false;
}
