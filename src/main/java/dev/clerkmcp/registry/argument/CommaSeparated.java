package dev.clerkmcp.registry.argument;

import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Marks a list that becomes one query parameter, with commas between its values. */
@Retention(RUNTIME)
@Target(PARAMETER)
public @interface CommaSeparated {}
