/** What answers must not show: credentials, private metadata, and who people are. */
@NullMarked
package dev.clerkmcp.interceptor.redact;

import org.jspecify.annotations.NullMarked;
