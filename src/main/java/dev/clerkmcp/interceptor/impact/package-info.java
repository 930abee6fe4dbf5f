/** Finds the target of an operation, and what is lost with the operation, before it is sent. */
@NullMarked
package dev.clerkmcp.interceptor.impact;

import org.jspecify.annotations.NullMarked;
