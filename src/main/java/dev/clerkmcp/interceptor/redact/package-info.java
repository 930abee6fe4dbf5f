/** Removes from answers what a model must not see: credentials, private metadata, personal data. */
@NullMarked
package dev.clerkmcp.interceptor.redact;

import org.jspecify.annotations.NullMarked;
