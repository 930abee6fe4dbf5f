package dev.clerkmcp.interceptor.output;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The token limit of answers, and the folder for exports.
 *
 * @param maxTokens the most tokens of an answer, of o200k as {@link
 *     dev.clerkmcp.json.TokenEstimate} has it
 * @param exports the folder for files that tools write; null if they may write none
 * @param exportMark whether CSV files begin with the UTF-8 byte order mark
 */
public record OutputSettings(int maxTokens, @Nullable Path exports, boolean exportMark) {}
