/**
 * Enforces the access level and the disabled tools: {@link
 * dev.clerkmcp.interceptor.access.AccessInterceptor} refuses every call that they forbid.
 */
@NullMarked
package dev.clerkmcp.interceptor.access;

import org.jspecify.annotations.NullMarked;
