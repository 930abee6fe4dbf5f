package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The arguments that the record {@code R} declares, as JSON. An absent argument and an explicit
 * null stay different, since null clears a value in an update.
 */
@SuppressWarnings("UnusedTypeParameter") // MethodArguments reads the record from the declared type
public record PartialUpdate<R>(ObjectNode json) {}
