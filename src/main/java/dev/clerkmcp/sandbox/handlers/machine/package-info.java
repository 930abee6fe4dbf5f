/** Handles machine authentication: API keys, machines and their tokens, OAuth applications. */
@NullMarked
package dev.clerkmcp.sandbox.handlers.machine;

import org.jspecify.annotations.NullMarked;
