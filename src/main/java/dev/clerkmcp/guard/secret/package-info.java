/** What answers must not show: credentials, private metadata, and who people are. */
@NullMarked
package dev.clerkmcp.guard.secret;

import org.jspecify.annotations.NullMarked;
