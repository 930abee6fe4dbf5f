/** What a request changes, field by field, and which calls put that back. */
@NullMarked
package dev.clerkmcp.interceptor.undo;

import org.jspecify.annotations.NullMarked;
