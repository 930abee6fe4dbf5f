package dev.clerkmcp.interceptor.output;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a person chose for answers.
 *
 * @param maxTokens the most that one may cost, a token being four bytes of JSON
 * @param exports the folder for files that tools write, or null if they may write none
 */
public record OutputSettings(int maxTokens, @Nullable Path exports) {}
