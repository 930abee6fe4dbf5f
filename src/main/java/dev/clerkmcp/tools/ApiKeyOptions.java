package dev.clerkmcp.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Arg;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be set on an API key both at creation and later. */
public record ApiKeyOptions(
    @Arg("E.g. read:users") @Nullable List<String> scopes,
    @Arg(value = "Custom claims", clearable = true) @Nullable ObjectNode claims,
    @Arg(value = "Max 255 characters", max = 255, clearable = true) @Nullable String description,
    @Arg(value = "Lifetime; else endless", min = 1, clearable = true)
        @Nullable Integer secondsUntilExpiration) {}
