/**
 * Serves MCP over stdin and stdout. Only this package knows the protocol and its SDK.
 *
 * <p>A host waits for the server to start. Everything that runs before {@code initialize} and
 * {@code tools/list} are answered therefore loads neither a library nor a lambda, regular
 * expression, stream or {@code formatted}: each takes about as long as the rest of the handshake.
 * So this code has small classes instead of lambdas, a scanner instead of a JSON library, and
 * writes JSON as text. {@code StartIT} checks the classes that are loaded.
 */
@NullMarked
package dev.clerkmcp.transport;

import org.jspecify.annotations.NullMarked;
