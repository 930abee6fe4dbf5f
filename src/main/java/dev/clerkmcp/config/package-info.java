/**
 * Reads the settings: each class turns a group of them into what the rest of the server uses.
 * Names, defaults and allowed values stand in {@link dev.clerkmcp.Setting}; {@link
 * dev.clerkmcp.config.ServerConfig} is the entrance.
 *
 * <p>Hosts wait for the start, so nothing here uses a lambda, a regular expression or {@code
 * formatted} where no setting but the key is set: the first use of each takes longer than all the
 * reading.
 */
@NullMarked
package dev.clerkmcp.config;

import org.jspecify.annotations.NullMarked;
