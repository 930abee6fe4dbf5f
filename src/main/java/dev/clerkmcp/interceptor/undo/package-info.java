/**
 * Completes the fields that a request changes from what is stored, compares them, and plans the
 * calls that undo it.
 */
@NullMarked
package dev.clerkmcp.interceptor.undo;

import org.jspecify.annotations.NullMarked;
