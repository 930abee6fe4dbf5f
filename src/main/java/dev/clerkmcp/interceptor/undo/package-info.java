/** Shows what a request changes, field by field, and plans the calls that undo it. */
@NullMarked
package dev.clerkmcp.interceptor.undo;

import org.jspecify.annotations.NullMarked;
