/** Compares the fields that a request changes, and plans the calls that undo it. */
@NullMarked
package dev.clerkmcp.interceptor.undo;

import org.jspecify.annotations.NullMarked;
