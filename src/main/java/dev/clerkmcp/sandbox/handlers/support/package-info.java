/** Shared by the handlers: the context, the routes, validation of input, queries of lists. */
@NullMarked
package dev.clerkmcp.sandbox.handlers.support;

import org.jspecify.annotations.NullMarked;
