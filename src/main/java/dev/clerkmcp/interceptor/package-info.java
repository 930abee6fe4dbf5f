/**
 * Intercepts calls and requests between callers, tools and Clerk; {@link
 * dev.clerkmcp.interceptor.InterceptorFactory} defines the order.
 */
@NullMarked
package dev.clerkmcp.interceptor;

import org.jspecify.annotations.NullMarked;
