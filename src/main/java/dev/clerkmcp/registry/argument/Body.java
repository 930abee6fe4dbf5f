package dev.clerkmcp.registry.argument;

import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Marks the argument that becomes the whole JSON body of a request. */
@Retention(RUNTIME)
@Target(PARAMETER)
public @interface Body {}
