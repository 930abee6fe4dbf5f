/** Reads what an operation affects and what is lost with it, before it is sent. */
@NullMarked
package dev.clerkmcp.interceptor.impact;

import org.jspecify.annotations.NullMarked;
