/**
 * Makes texts safe to show: {@link dev.clerkmcp.registry.text.TextSanitizer} escapes invisible
 * characters, {@link dev.clerkmcp.registry.text.QuotedText} quotes untrusted names, and {@link
 * dev.clerkmcp.registry.text.Fingerprint} masks secrets.
 */
@NullMarked
package dev.clerkmcp.registry.text;

import org.jspecify.annotations.NullMarked;
