/** What the handlers share: the context, routes, checks of input, queries of lists. */
@NullMarked
package dev.clerkmcp.sandbox.handlers.support;

import org.jspecify.annotations.NullMarked;
