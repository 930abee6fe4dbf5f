/** Wires configuration, tools and transport together, and starts the server. */
@NullMarked
package dev.clerkmcp.server;

import org.jspecify.annotations.NullMarked;
