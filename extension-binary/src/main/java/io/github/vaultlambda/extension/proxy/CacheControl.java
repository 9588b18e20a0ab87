package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.http.Headers;

/**
 * What a request wishes of the cache. The words in {@code X-Vault-Cache-Control} are taken exactly as vault-lambda-extension takes
 * them: divided by commas alone, so that a blank beside one makes another word of it, which says nothing.
 *
 * @param reads whether a kept answer will do
 * @param writes whether the answer may be kept
 * @param insists whether it wants Vault's own answer, made for this request
 */
record CacheControl(boolean reads, boolean writes, boolean insists) {
    /** No use of the cache. */
    static final CacheControl NONE = new CacheControl(false, false, false);

    /**
     * The wish in these headers.
     *
     * @param byDefault whether answers are kept without the client's wish
     * @param anew whether no kept answer will do, for another reason
     */
    static CacheControl of(Headers headers, boolean byDefault, boolean anew) {
        boolean cache = byDefault;
        boolean recache = false;
        boolean nocache = false;
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.name(i).equalsIgnoreCase(HeaderRules.CACHE_CONTROL)) {
                continue;
            }
            for (String word : headers.value(i).split(",", -1)) {
                switch (word) {
                    case "cache" -> cache = true;
                    case "recache" -> recache = true;
                    case "nocache" -> nocache = true;
                    default -> {}
                }
            }
        }
        return new CacheControl(
                cache && !recache && !nocache && !anew, (cache || recache) && !nocache, recache || nocache);
    }
}
