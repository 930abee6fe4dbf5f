/**
 * Serves MCP over the standard streams: {@link dev.clerkmcp.transport.stdio.StdioServer} reads a
 * line, passes its messages on and writes the responses.
 */
@NullMarked
package dev.clerkmcp.transport.stdio;

import org.jspecify.annotations.NullMarked;
