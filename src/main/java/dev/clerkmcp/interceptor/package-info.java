/** The interceptors between callers, tools and Clerk, and their order. */
@NullMarked
package dev.clerkmcp.interceptor;

import org.jspecify.annotations.NullMarked;
