/** Serves MCP over stdin and stdout; the only package that knows the protocol and its SDK. */
@NullMarked
package dev.clerkmcp.transport;

import org.jspecify.annotations.NullMarked;
