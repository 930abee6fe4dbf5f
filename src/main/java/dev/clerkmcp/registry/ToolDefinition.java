package dev.clerkmcp.registry;

import dev.clerkmcp.clerk.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A registered tool: what the model sees, and what serves a call.
 *
 * @param core whether it is in the toolset core, beside that of its group
 * @param endpoint the operation behind it, or null if it is composed of several
 */
public record ToolDefinition(
    String name,
    String title,
    String description,
    String group,
    boolean core,
    Effect effect,
    boolean openWorld,
    List<String> aliases,
    Properties arguments,
    @Nullable Endpoint endpoint,
    ToolHandler handler) {}
