/** The rails: what stands between a caller and a change that nobody meant. */
@NullMarked
package dev.clerkmcp.interceptor;

import org.jspecify.annotations.NullMarked;
