/**
 * Parses and writes JSON-RPC messages and pairs requests with responses: {@link
 * dev.clerkmcp.transport.jsonrpc.JsonRpcParser} reads a line, {@link
 * dev.clerkmcp.transport.jsonrpc.MessageWriter} writes one.
 */
@NullMarked
package dev.clerkmcp.transport.jsonrpc;

import org.jspecify.annotations.NullMarked;
