package dev.clerkmcp.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * What the sandbox answers to a request.
 *
 * @param body JSON, empty where the status says so
 * @param retryAfterSeconds for the header of a refusal by the rate limit
 */
record SandboxResponse(int status, String body, @Nullable Integer retryAfterSeconds) {}
