/**
 * Reads the settings: each class converts one group of them for the rest of the server. Names,
 * defaults and allowed values are in {@link dev.clerkmcp.Setting}; {@link
 * dev.clerkmcp.config.ServerConfig} is the entry point.
 *
 * <p>Hosts wait for the start, so with no setting but the key, nothing here uses a lambda, a
 * regular expression or {@code formatted}: the first use of each takes longer than reading all
 * settings.
 */
@NullMarked
package dev.clerkmcp.config;

import org.jspecify.annotations.NullMarked;
