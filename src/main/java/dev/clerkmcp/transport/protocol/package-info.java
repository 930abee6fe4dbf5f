/**
 * Serves the methods of MCP: {@link dev.clerkmcp.transport.protocol.ProtocolHandler} has one
 * subclass for each generation of the protocol.
 */
@NullMarked
package dev.clerkmcp.transport.protocol;

import org.jspecify.annotations.NullMarked;
