/** Makes answers small and says what they omit: views, wanted fields, token budget, pages. */
@NullMarked
package dev.clerkmcp.interceptor.output;

import org.jspecify.annotations.NullMarked;
