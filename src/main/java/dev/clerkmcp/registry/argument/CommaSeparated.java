package dev.clerkmcp.registry.argument;

import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Marks a list in the query whose values Clerk takes in one parameter, with commas between them.
 */
@Retention(RUNTIME)
@Target(PARAMETER)
public @interface CommaSeparated {}
