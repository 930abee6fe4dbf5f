package dev.clerkmcp.registry.argument;

import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Marks the argument that is the path of an image on the computer that runs this server: JPEG, PNG,
 * GIF or WebP of 10 MB at most. It is sent as a file in a multipart form.
 */
@Retention(RUNTIME)
@Target(PARAMETER)
public @interface Image {}
