package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The arguments that the record {@code R} declares, as JSON. An absent argument and a null stay
 * different: an argument that the caller clears is a null.
 */
@SuppressWarnings("UnusedTypeParameter") // MethodArguments reads the record from the declared type
public record PartialUpdate<R>(ObjectNode json) {}
