/* keys.h - keys made for these tests only, and signatures made with them by OpenSSL: no key here guards anything. */
#ifndef TESTS_SIGN_KEYS_H
#define TESTS_SIGN_KEYS_H

static const char rsa2048_pkcs8[] __attribute__((unused)) =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDGcQQgnzeC7V9D\n"
    "woTS/WqubJtdcq++08HYvCM75ewPdui1Bt0XLy84TQDRP0AZNuFZCQuNreNbpio7\n"
    "k1LiuAqbLf1fkBHSrK2CWU/NrgGKgy6WGDx0FOpoArrQa8/oTKN2iF589IBtfuIB\n"
    "Bn/z/Pzo/uUFNohIjEiCCXVGsD5YJJ1yPeIcrmhoeyRl55ayqnFcnahMnn4IaqTL\n"
    "qN4eT+NucW8aw1SmdGCx8TSHJcweBNeWXcXvLTyCAWd2fp80TnFP6i7pSFxpbfL/\n"
    "Od3wiCHMiEf+wfMQAsAgpctgvkBhNs6soocbBCKeazf+QmX4U5yjHRTNs4Buzxg0\n"
    "sBda8PMrAgMBAAECggEADjG/uaGjgKvM0g9g6g95PD7Fu9QPR1dLf16w9Bp79zAE\n"
    "CnOr1UbpWfdpscEt3l/Zk9sDLSadPU02dvDdaR0AmgPN77IuqpYlcLR4vxEArtEe\n"
    "Jo69pd2biSytnJwjNzRilBqPDHsX9wnjZ274/USnk11gMZSqZoR6T0R9htZM4ofW\n"
    "tLHSfx+kqbebXKJeDqB1W5sOnuiXwx6cJKKnN5RfcgFCPVnVW1R0FRzFS2kY9OJM\n"
    "6xxuY1r2Nzw1t0t1RggAzyiQt0ngUc2/5xAndO+1AJLT3CVDS/8xv//zxEVJYguR\n"
    "D01RYjjqs6Tklf9bg0tLpUbjEteLTCn82rdNiThnUQKBgQD8Jb6Km06Hm6lqRNR+\n"
    "Num5EamX7oABjs5O+kdtAqDf+gUB5SRm8bBM3p2iIegNP45eQWX94//KhCCt34Mz\n"
    "DLEDu7W6XipNuTjqd2n+TIFGikQ2h5lfGnlk2xg/kHQkjKapQIHjnpk0O/J0lVTG\n"
    "+Fi8C8Or4fmVKcPcFZnGCDotgwKBgQDJeTR44seoziipX2YyJn1X1l8ZB9iBXKh3\n"
    "UvK5FQWUY/go6fMN+LuXJGW2fly2DlSmA1cBMCl7cHsLSpLNfIdwngk7oxSkZvuF\n"
    "+sM69xy29fPVaDMau6JcHO20eZDvS1TP9EgusJNV8B54QwVp/ifTEkIBu+MWVEDn\n"
    "hm7kWRAbOQKBgCUcsRTZkw9mm+LmSphhILl6ngmcsv6HtFnvgH/M+Ty+IeqLfXYh\n"
    "cJ9/zJfGgc8hYaUB3y8lVcrK87xjv33OCmfQQwkxPuy9rGDmPpWNUSG+zBdykeJr\n"
    "lR6BGOqSKmYOxaD3u6Zy+32yrRb3u8ilWPokiSJNWlzYDtnf3AhHwbhdAoGBAIT+\n"
    "IjoOERgIBmVPmQlPyPu7gYjnWe6CuJ4Tvi+YhddfakevrwaxAzuRBidCIHb43L29\n"
    "hKg/H5LhPAfHEULdihY37AZW72BarnvRfSAmUOkhT/S2VM23wEQnwG2ataaQRosD\n"
    "SMaxPoDDAYoHS8Kcx7MX4UR9vzhVI4bxga/wbqZZAoGAWxwiuBOGri3G2qA9Y8xD\n"
    "DsKks/dEQ3bSInyDfcuLDMZe/C9877BjQqQzvnYl4oW3jvVZxU0vxtyL14DbNf7E\n"
    "QlbKqdkhOPLB9C64ScfwpDhRuC94a+3cU73+pg3+r8VtqLC4fKZ3yGd86Crr8Snr\n"
    "0tv8oYCiNJQFJZgf5KliFAo=\n"
    "-----END PRIVATE KEY-----\n";

/* the same key */
static const char rsa2048_pkcs1[] __attribute__((unused)) =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "MIIEowIBAAKCAQEAxnEEIJ83gu1fQ8KE0v1qrmybXXKvvtPB2LwjO+XsD3botQbd\n"
    "Fy8vOE0A0T9AGTbhWQkLja3jW6YqO5NS4rgKmy39X5AR0qytgllPza4BioMulhg8\n"
    "dBTqaAK60GvP6EyjdohefPSAbX7iAQZ/8/z86P7lBTaISIxIggl1RrA+WCSdcj3i\n"
    "HK5oaHskZeeWsqpxXJ2oTJ5+CGqky6jeHk/jbnFvGsNUpnRgsfE0hyXMHgTXll3F\n"
    "7y08ggFndn6fNE5xT+ou6UhcaW3y/znd8IghzIhH/sHzEALAIKXLYL5AYTbOrKKH\n"
    "GwQinms3/kJl+FOcox0UzbOAbs8YNLAXWvDzKwIDAQABAoIBAA4xv7mho4CrzNIP\n"
    "YOoPeTw+xbvUD0dXS39esPQae/cwBApzq9VG6Vn3abHBLd5f2ZPbAy0mnT1NNnbw\n"
    "3WkdAJoDze+yLqqWJXC0eL8RAK7RHiaOvaXdm4ksrZycIzc0YpQajwx7F/cJ42du\n"
    "+P1Ep5NdYDGUqmaEek9EfYbWTOKH1rSx0n8fpKm3m1yiXg6gdVubDp7ol8MenCSi\n"
    "pzeUX3IBQj1Z1VtUdBUcxUtpGPTiTOscbmNa9jc8NbdLdUYIAM8okLdJ4FHNv+cQ\n"
    "J3TvtQCS09wlQ0v/Mb//88RFSWILkQ9NUWI46rOk5JX/W4NLS6VG4xLXi0wp/Nq3\n"
    "TYk4Z1ECgYEA/CW+iptOh5upakTUfjbpuRGpl+6AAY7OTvpHbQKg3/oFAeUkZvGw\n"
    "TN6doiHoDT+OXkFl/eP/yoQgrd+DMwyxA7u1ul4qTbk46ndp/kyBRopENoeZXxp5\n"
    "ZNsYP5B0JIymqUCB456ZNDvydJVUxvhYvAvDq+H5lSnD3BWZxgg6LYMCgYEAyXk0\n"
    "eOLHqM4oqV9mMiZ9V9ZfGQfYgVyod1LyuRUFlGP4KOnzDfi7lyRltn5ctg5UpgNX\n"
    "ATApe3B7C0qSzXyHcJ4JO6MUpGb7hfrDOvcctvXz1WgzGruiXBzttHmQ70tUz/RI\n"
    "LrCTVfAeeEMFaf4n0xJCAbvjFlRA54Zu5FkQGzkCgYAlHLEU2ZMPZpvi5kqYYSC5\n"
    "ep4JnLL+h7RZ74B/zPk8viHqi312IXCff8yXxoHPIWGlAd8vJVXKyvO8Y799zgpn\n"
    "0EMJMT7svaxg5j6VjVEhvswXcpHia5UegRjqkipmDsWg97umcvt9sq0W97vIpVj6\n"
    "JIkiTVpc2A7Z39wIR8G4XQKBgQCE/iI6DhEYCAZlT5kJT8j7u4GI51nugrieE74v\n"
    "mIXXX2pHr68GsQM7kQYnQiB2+Ny9vYSoPx+S4TwHxxFC3YoWN+wGVu9gWq570X0g\n"
    "JlDpIU/0tlTNt8BEJ8BtmrWmkEaLA0jGsT6AwwGKB0vCnMezF+FEfb84VSOG8YGv\n"
    "8G6mWQKBgFscIrgThq4txtqgPWPMQw7CpLP3REN20iJ8g33LiwzGXvwvfO+wY0Kk\n"
    "M752JeKFt471WcVNL8bci9eA2zX+xEJWyqnZITjywfQuuEnH8KQ4UbgveGvt3FO9\n"
    "/qYN/q/FbaiwuHymd8hnfOgq6/Ep69Lb/KGAojSUBSWYH+SpYhQK\n"
    "-----END RSA PRIVATE KEY-----\n";

static const char rsa2048_pkcs1_encrypted[] __attribute__((unused)) =
    "-----BEGIN RSA PRIVATE KEY-----\n"
    "Proc-Type: 4,ENCRYPTED\n"
    "DEK-Info: AES-128-CBC,CE18F22452F4AA001EFA0C4DCD088946\n"
    "\n"
    "QDuZ/6/FeF6OfbSEaWaBnK8pahmKyShd34xHH09w5dfWNoqo/4oEFYtERYTgH18F\n"
    "dt5wpH73WBCd5re/q/OSbxqsPT++FGVqqWOx1yeC6hgBeMGSzOQbR6vbPVGKtlQz\n"
    "WpBTdNUSQXyGocEvPNWhd8kTpUxHLJJFm9ExVuVaR1gXjdyII8wSCB3cFeSoo+E4\n"
    "I+nBlJVb6a8lDK4aF1dC2S2PsOBwEpPIKxh5BjQ88O9xG//O4Wvqo7KS8YxjnYLI\n"
    "uhQ3ryIeeHHLvf58XqUMdcK7X5qqf17mJ3FOnMoY3evpak1X21uzzm49peGN5vlh\n"
    "U30CtLWiSPEPndH2Tn1wQ/rC3gICsTgeZ0piJZkn6YqLIvN8HXYsb3ZEYbz6u2Rw\n"
    "4mOh7sfpHMPqihaML+a4dnzF9T7ISZa3TKfmZC7frd2hHDjAY9I8TkpHKjgN/eiw\n"
    "JReoaOqQon0M2k9GZGMkkS/Ygt86qEnon/qD0hUzkRa30ceAuK//4UDAdYs2l7YK\n"
    "QtPgzLw+aCJrnZhtSfRlqFBcqUjfrYvE21Exna42vZrCOr4P5K8GgbnLGyaxK7hG\n"
    "CUre6Ozk2CDVR/dlSBZAH4gj3gMdskJ0kcrNR+TfMUxvhOHluswkdnybRRFTSN7D\n"
    "Tiojuoywl1yb+8QQaFy8XIP9AvAm8clE4wFXxHF5u7ScIBwjNBEYg+ZUvWl4wEAG\n"
    "emPLPhdFyZ2gjAyIDfrEn46iJhB94fuKYxEgcjE2b8LAxbnKrfkA/w5kJkVRiGe8\n"
    "Hzw/JT/rMKJ5YeaxjITOw6NJBTmRlb0uvj1YwFajOdtxGyhQBJ0h6zJj2IyHf5Ah\n"
    "oeyAqX7GvQoZyx3a0xbICuz03j85/Kyn2o0mjkew+Nnx5SEKzMpy0qqsGSzFmPLs\n"
    "KO/dbVa9Y8K0kw0wWDzNpdaHhnozwtfF0vRNtozznULjxi75BmD4mkhwbo80pkJN\n"
    "Iy2O3U/X1owgXOTsr4/tMRyfzMbtdLTfKAGNNpPZHVy3G9svAHPbE2IXeso0eC7m\n"
    "6XSej2uR2IANnEdWb/xg7htQ3zijsx2ySWykJwnU07DVPKSXYQGRF2XIHW+R6tED\n"
    "jlsIbbnxCtTPuZeLCCXCqbZe3Y9vca6kB22qFtxDv9DjPXn15UxsEPXBy1VNJiMj\n"
    "/61dmMuOx7Sj+qFgI1dIXZJ/DXqGIm7hyFgvczyRjuSVjIJnkmxogIAl/jZkczZB\n"
    "yxcJ6Fh+jVCy9M1rwMFmIz9HDhIQpKzLymFJ4zH8g4IzWuWNo0DpIHPnAgO8wMz1\n"
    "TaNv/0QLd1oF30rp/YmROfd11Ofvna0houVH5Ds9UkgfplbvmAjbUaSa8dKw6F38\n"
    "Rga+nIG7FgZ9uOpwkQNiOWevqXkhuj1CVZdJVCNBT2YKEQLVkXHfKO73V8lUySa+\n"
    "8YelvVn5dTRmLrgfOjBwUZlT3LGDjW9qvvMPJSrc+MEhW/By+bLIKXfxbZl7PtOD\n"
    "JWOTXh8MQ+W2S+hFe7aNdjdqPRSDL0YMjOBSWZxviEK1CetTdIfSuc040kOHSUOW\n"
    "EnD1DKJ82ZFMHxBP9rAe0Vlmmr+ehMojwQO3vQySV23AZ57K7DWIHHOzeaJoXIiJ\n"
    "-----END RSA PRIVATE KEY-----\n";

static const char rsa2048_pkcs8_encrypted[] __attribute__((unused)) =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIVlo2DxPu2YECAggA\n"
    "MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBAOyIAu2lNDO29pkR2s7Q/EBIIE\n"
    "0A81So1YJQSciGf4FHMmidyGUWfrcb1gNIYgpTponRAGXd/OxFdq685amh7fw5Ma\n"
    "cu2kuTssBvknicWQagIPog28KjJiHBkqSL6QhekmlSJoIk6yqiHpe0vOLGc8HQrn\n"
    "fD0wvUru4srhIXc24/hWbljU1e/5o2NR86HqXQK7ugmAbwkoHJweU3SFdWAznnBD\n"
    "UKbcamAX850BqnSDo1wuuh8K4A6b0B42n60PgtBYf6jzukQ6fuTPleUNgw1aUuWx\n"
    "8arWyI2FgKcNoL2S497Qw9bwrUjlYCHiBZeegUZNMQ9PrW4zGRQvqlJCHwBOX1T3\n"
    "CrBbP8Imlt6yz79NNEgdDa/GQQX+yMqrsBQSbjslu8nrwl44rA+KZqTQbZFOpbBh\n"
    "KTx8wOugImhRsrwzUQIjK7JeYYGJkTZvp4FNv2ob4EJa1U7JCYpqZOrySFExlkwd\n"
    "t8EXC+H1lT1OrC4Hme1M4CoGI2V2+WKl1vbNmL26gOD4STz1B+CG9VBzsuLXadFx\n"
    "6FXJUeB3YwGTib2dsj5igkkeOZW4w7Mo23Emjh+t+v0+RinaSktr1LSw/RZW7U0z\n"
    "MnpGIKP7XeFGZdqUq51n+gVmWKsyzqPwP8KzdA7Ym1cwUeJht4T7Ab8XjDVJ5LN3\n"
    "xw3SlKk7cBAyMkTb5W/1kmynI8prdF9VyZzjQ9G9znu1Rx2FbHl1wCoeVS46zdFN\n"
    "TB0nixlq5KY6bKtkXi4v8vO9Cf7lcftybsHHQfsFhNl9KM/iu4Iilj2CtoBGDqeX\n"
    "zKZjLeLoG6SQ6LP4Gu0CRdpPWRRNpRiyODlk03dvzMc6psyUMfodKscI1xWM/vMk\n"
    "tC3RCprIYii30UTAVjxcQKCRkxrtVlDOByVxCTs3l9cLuP4CurDWk1fuohEoG5P7\n"
    "1RX+qm93kK0XHmsV2IlQKMgGhy9DngCylBumahPFDVGtb+il/k8kJztGdImejtmv\n"
    "3uPc6m9Knnf/44vEtgLVXbbqFsEqS3SvFjmPvS6B8XadIjOimcPitBsIGkhT47Fe\n"
    "xpT/TUz1dSZT5Astn63bXYHpv5LkAVZPLF5cSWn79mSMtXUagbOarasJ4UWUvfSy\n"
    "xfU7toIZFpAMqD/UW76YTksZocPe9HKOi7rS1J2SuqaYTYfYzSJa5yM+c5+TohwA\n"
    "7n9XyUtLANN0D6audXmRyjQc2tYOnFpnKKQqaPcJ87hEzTyBtLSYIARwgTPK63gg\n"
    "7jqUzEm30WsQIsltMzKVpvwzqBW/NSXXhFgXeXk9K2OANX6sFcEvMAC88JUHR+J0\n"
    "mxiNn/WtHs8uaTUZtO1BLe9BCW8n/v8NDa3MHo+V7rkcCtRkXs+UiIWdl9nE+42e\n"
    "3FQsL3RXmPcqSpIc4yIRFHD97KQ2UhjnHAavbBSq20tsZ4mzAbdwgkpd6+2IAsJq\n"
    "03m8KSNzfTf9ymSkN3EgiihkfIlDEj3OuSQ70cuOfPd/C2LAUqNhTa9zW7DLF29w\n"
    "hU61u4x/QqIPP6S8V+E1Q5nUsU34I/kqN8tfkNq79ZQSl5XawsenovXUttMq/yvO\n"
    "sMhtdI0b6wt1hFr2MGMGSu2kuN+8ASnSw6VGzUZLPcSytjAB5zB5AYtY5dFjAeRY\n"
    "Lw4MZinLTYS8rr9wmEiLsgoEyTgMb/jHvkzA0O9o78uu\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char rsa4096_pkcs8[] __attribute__((unused)) =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIJQwIBADANBgkqhkiG9w0BAQEFAASCCS0wggkpAgEAAoICAQDQ64dLy7vrWX5R\n"
    "Gyz14vTIuc/WI85SHD3ztaU77WP5hHh0WLjtwNLR36ln8Om4xmwptQ1FyYpKykrI\n"
    "iFk0BDl28vexvZAhjWUTD70AhpPmd1m9z+/CgpzKtVui6qVzhvom1s04unlF7IEo\n"
    "2f7wAOplmWrMAl91lly0FgBUyLyO0ccV2iPX4NErIriVjKz0WuqN/qY1F390qhY+\n"
    "fuc70N5b8gASVI7tcW2GrfcpXQdwcCL5HvKJIDgWCM+ghBJXKGNwriKRd9k5G7tX\n"
    "TdPJ+n/7jKJFM7b4TJH1M2hzsTVzWsgZ1MQARFgdZWbEbSdCwFpBguEZJODR9/TN\n"
    "rCEm1bn5t/ilZ1wF4VTGo4pvTdYVz9DtolLWwbxV3Av57bjcCi1dj0BZ9JcvmDWl\n"
    "d33GugrVskgzIrCcymVLb3Jp1oH70HNd2JNVQa4uBJLpT4ZGHScTs1ckEDPGcubp\n"
    "H1i7E23ZKCjsnlOdQIra3awPUI1LJG2gFIHyKWwJWRwFI7rVr+C4HyXHMbi+D8AU\n"
    "Omrn4uq5SYR5X6NUDpPHb8Ue3l2/70df1U7d+0D+QBwgF9I7/rOCepYgk7oGPaFi\n"
    "h5Q8iRSlJeC5ZN5UarS03japtJ+gzws6rlY0fCwQCGvVIPMlRGBXhtHs0J+TS8zP\n"
    "OdT25daDBY7KmWhr0aOan1Vnx+erOQIDAQABAoICADcHmwshfn23BHk7pcOcxOps\n"
    "WyzmII3rR3w+v+fBl2Bdftbymb9yV3WVqsson3+esFXqDTVxKT6a+0jH9Wsoo7RL\n"
    "ume0bVcRJer37cpKKIH/tQE02MwM2FzimWEX2n3MM27wjHzhTVlYOws2JJs2OoeJ\n"
    "eiKDi35vHTsIQo0SlOwvoHeGjoNqAd6RVjp6JAJ3QiolxcTdTCLAPHy4s5LDaRah\n"
    "71fkswMjKfzcLOrVyMRanTOubacl9/AB4SLANw6DInJHQ+66OVr8DYQpCVy94WEy\n"
    "gXml7g+IJ7gFEwHKTzBz3JpFO11wox8XGxMpRzqjbQKthTo4xwk3fWGBcfgHOuVs\n"
    "I4FdAMw7mNkBPuOjnbNeO7AFSLAmfzPfHF3xCi1gzhJDsxnUuonMj7a2FUKIGKga\n"
    "bQXQoEhorlLMUbOI2H7A+dpj8DDwXvgulVxtyDjDYW3fHU03eQX5zvMa4MfM9DUp\n"
    "dslwD3E6qmXq0aad85zaLA4FoS7ES/szet9EQYOBQr67PvxvhfD85csM3SCLKF8C\n"
    "MzUvzbTdvaX/EEVOAsO8ahRiFg3PGBLnJGv6u4l0bJux0U9+zie8CYDaKX7f1N/m\n"
    "ZZgIoPXpfh8eMWpp1SDH46olg/dSeqo0/ypCmRbpduLwuSbA5M6VDwXk4d2KKju0\n"
    "OQRmJCBfiFOrXWcMsF4TAoIBAQD+vdkXQl+LXf4iSHcrkm4HG7Fzhc18Rf0ag23E\n"
    "4SHzfyTy5cySUIfFzUM6Dskh+TlDnPIGL90ZUZevLSue5ime49F7z3RsMvpwX5eZ\n"
    "YRD6Xi8EIhaw1fmPdnRyVyARNHRFC0tMSWBUa9BS99ZGYfRutWXHiZsVezT7qaZY\n"
    "lAoGwq3tv7a9Y6cYDnJORUDyWKY9bnJYLglVHsawslN5Q5OUGv1wCLOM7HOE2HST\n"
    "VxvDsemaKd77FWeDeSRP559Gg1WxSWDwItw02DAJLPTewHCTTz50wc2XXX6sPlgO\n"
    "bS2CTuQuu++pMC7zon09eP2pdGnRuE1a6+VbtBQyLN9WrcQHAoIBAQDR87vHCl02\n"
    "IWzGCj91NbzjSiM/MxqAOGO9gOjLpJCw/j3sWQvt7E3sBq5GihzXtU6mCqxfkcP4\n"
    "fJBwaW4Ubo8WypKwvOUtmfriODZ9PbStp+aNZISC5w0cjNGw6mbN3/BWQ0MnPizY\n"
    "X5oEaVNgQMkaWzRpFZu9hgwgMs5Tq7vVRuGce1APN4xsFs1qgIX2HF4Xr+sW7WGh\n"
    "QSlmM6E1ET/ctREHfbwUel90cIz5IdcRbgvFmmE6ARVc7QlciyKqE3+ABIYXbE6s\n"
    "N8H+P+DRKamC7uNcKyoXnxwNvp3ubgKTXVYTZnDqQPXKPB3j1ZRRgvxMv6oQngxA\n"
    "yjuEoB8888a/AoIBAQDysCN2SUGFINLQDoGZ/TLdisCP8lVFo9fxvmyBOIqD1Al7\n"
    "bvpqGlZ/V4JIeXWc7DZl98uLoWXejSEZPstj4pqcSSZ18bpUqmx1Sly/Pv5RyBC6\n"
    "u08qwW+0AYIGvIJMYdCzRoNB9lXTl7Msl/iHrSKVpjOE2c/psytS5tkXYlH7BtV0\n"
    "v0R1Qc8a2AiGEOxC9bnKpMJCx/kUIvHfvMRRrtOWMfBpH6EPDOUxFpZZGI/W7FRF\n"
    "DsbkJgwr8OlrRpszLkQhVmsH2+42Wg/Jbg8LeALIFKLH0SrwnZ3ksrBpbhIBJu+0\n"
    "pk84vDK+4Xq3aeEf40w9BHyNtlcX+oOTGbTce0dZAoIBAAWJJ6pX251RxEx0eLfe\n"
    "ctyLV+KStmArHHYisACuliIUkg1pS6c6U9OlWXMCsT/+x9QY8/KRJVmn7ycHoJ9p\n"
    "StyO+s8uK9zH8pWEZetndRwfETUpMVVCQlY+YEkJ5SwIe43KuDqQqR4LZ0Q2grxG\n"
    "+QZ44SjkKPcWUbuHm2kZXhqBg/FcTwAXttwivcfRG7chiFmXidtQ5wIZdb38HoQH\n"
    "sGdhXtGTvyHLGDk5vn3TJpiPDkBnkai13ppUpaqLAJ77ZKE7fU2gzXI9BiBuDr91\n"
    "GcMaCWSkvrdgupyiKgffXrIEBAD+8ns6u0BZ1W/scby0d3KOmy1U/X2311nn3ur8\n"
    "goECggEBAO07E7+bxlDgykRcqEUoQ8Ex1gC3aKpW9zJNxvnyhbbPwz2LzHNWmO2/\n"
    "o0h1jtYpSt9e+2kfGf6S57EZlY0V3r9/dJajcZIPUkIa5sWWP0Q8EJjYbohmRbJQ\n"
    "oSAZ9Sm6ijTUokQzAR9xXIWksTw9/BWCSh8R+Ip/zRusvdCjwihokh/VsDm26vLD\n"
    "6+vLS8zU+R2kCgmazOd9thV9kCObN6Kkx50D26YIxaTAWDcBjrMvC5BixRZbBdsw\n"
    "yyjI2avdxo1hmldbdkX8XVXbdA9jPM6C8G80A2Iad2GU3jyDuzxOqSAUDZq/lI0L\n"
    "QPWwIGah3zZ0Ui4m6OussSj2uNYEKwM=\n"
    "-----END PRIVATE KEY-----\n";

static const char rsa1024_pkcs8[] __attribute__((unused)) =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAM0nfOWJh0EoRsnX\n"
    "fe3YqXE/pqMBjJTWcvNrosKqZ+kxNtRbjij1Q3mCldFJfMlswbT+1siiPsyy3Vov\n"
    "QNYYjbFX+c3Tsh4kKzAP4q7M2EiAK8TlVy7RzMkaeIr6HCe+2ojbIaWqgQOF6qF7\n"
    "Xuux8/BvocqpBpxVTzGBf26eTN7NAgMBAAECgYAaxiGFr1oohcIfS3FS3ijW79Cm\n"
    "i2g2cHpWDGEUeLrQ8yxNsJkv/TpOHF3DD40qmHf7UBrl2k7J1joPMAWNK20qUOw1\n"
    "3FEfFh64pXyMctefwattmyoCr3jzrpADr23JNOq/ueaSHvq0N3YN/C8wCzDitvMP\n"
    "UrWZpeoSmCaafslJAQJBAPdQC4Wpn7kEUrXypicdf4kCuh7dgXeb3/xTDDpvplgQ\n"
    "tddiYk30vR511Ap0U0280Y8hqXTm3IRyeApojkpLWw0CQQDUXFV9YnRTF9D7zHpI\n"
    "pFlIt4FndK7k7qODQzWN2sKCp82q33+JTNC9h52iU8vFjZgaPoNDuGqtOQQ554k3\n"
    "m6LBAkByrU46c3YZv7RupA6Bcr8xk+8j4shm4wOQqB2ydxUmHtGDBx7YURTkq/Rf\n"
    "yKLcGCMAALbn+yjjzYR2Jxdbwed9AkBh0z8WiXoopPoCZImYWQ1AMDiOXfQLRdtR\n"
    "Jm7PMA0WfxKBOn/X0ej+xjBZjNx73uRIgq+ZTKTnszI9MmnFkg6BAkABChPdpZbH\n"
    "iG4zJzsry+GrWj6IdybFEaqZ8vV6AjgiDZ4NnbRRAD+o9lb456Mj4bXIey7etppl\n"
    "i0Lud8BRkdoz\n"
    "-----END PRIVATE KEY-----\n";

static const char rsa_pss_pkcs8[] __attribute__((unused)) =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvAIBADALBgkqhkiG9w0BAQoEggSoMIIEpAIBAAKCAQEAnd2crmRPU6Z6uyjS\n"
    "rslLrOjrJNDgOPryjGhFoC+su7cGdCA4kfKuoYi587CpSRII91VCfY+JGw3W8vPR\n"
    "rdrURAG9WrrMe7ctHgkOU3w8hO63xTg/vHBe71hrsqgwGHCI0JgT8uQJbww9RgfX\n"
    "brh8Uv/ZJgBxu5TY/ce3o2M/5yqAdL6F3sCue3xlxBtOt8AQljRD6oMUNhe2JMz5\n"
    "781IkZwnV+Tu2Als3Lta2rFxYDaMOa8wPJ2DTreNpoo6SGUiMKnjIXQTr74RiroJ\n"
    "dHJvXjbpufTWJcZTeFY5B9TsR/Ed7wREm/5C5/rvNJNVnEs1IL3KDfVF0UngeTpO\n"
    "HwavWwIDAQABAoIBAADTLufRlsWZEMdAqbEuIU4bAcAXs1VSfh5hC8dL6Ywp1ja6\n"
    "3j2b76Q2L4/oGn2PU7MzcGO1lKPmjTaqVPkJANbS8AlfibgC+6Jfi73RrNieUamF\n"
    "kg8o5MP5J5RAsBNiwH3fn7QhKMu6OemcGuFb1l9HU+sZHm32LRgbM+8xxccdQjzg\n"
    "5k67645Gq3cHJ1/6f8KnED9ZbxtNLZ8RS4o9+SazWjZeQBMQl+1gS2Djuw0Ijph0\n"
    "uvyRMg0royeRwooh9uzjyXgSzQStdL0Jr1MtdI+BvhVyNUSuL9YE4SDFeIYAM7kP\n"
    "N/tpGeEeh+dDV/NHk5JgoGVGHyphGxSpC7LvATECgYEA1fGSK9IMNIbBMp8HCFUJ\n"
    "AEoS0jxTVTivK/i7fPgsaPmnEq9979X1EK/UT8Ra2n7m+7Vb2nWiLLB6gCUFgISt\n"
    "2Ggs2qxtVHrcNMpf9TzmjGafy2XgE6o0wmfpl0z94p80Z/mYzp5Og/VCDwZkm33L\n"
    "e8wunzziBjjNVROrmH3sqekCgYEAvOX991ogjNibAD2VcaSKgegLirARtCyWi3vE\n"
    "MGso7T4tgjQkL5xEQckq2ilkoyqPx5MIQJ/TQemSYC0ppXZlBJJ7xKMSMKvIIr+j\n"
    "A8ZWT5W85mwuo1HdoHVnCj6nObIpaDh9q1eGnXGxYjQHJf5cTZKav78yUNAMa/n4\n"
    "ShoSgKMCgYEAs51NN6bwAkVD++jRMaialviZVpG48KpXPpZjaaa9OiCmqKRXGbzK\n"
    "Mwk7OQDDuf6ik54OEJmD3vsGzYDHXr+FaFMFnUz3uN4w880XxL8tW6Bo9Y2BE2Fp\n"
    "S/GLhi/oUpOQnt5I8OatSlHk9NJMMtLou/WPCrdFly2nDY8nGC5YO8kCgYA9PZcz\n"
    "nQ2WfBbsYgrUOBMLgK5VPTXQIvB/shVt2SAAojrgzoS4xsG+TjjNV8Qfvgm1Gy7+\n"
    "vJIh+VaSRbINya+AZvknS/L2wop08YopDCEpVhNS5NnN6xmeDtHkGWHfq6oO9tmP\n"
    "NiYXXyex/cofgDJul8wBxDvMxVZxny3m4EMFXwKBgQCog/Y3B+zaqbeoxISAthfS\n"
    "3e0mQz/S++Hv6jXGf3q1Tg13tJsg9A/t6XZOv1bXXBMNvvEAIfClQnjo+5GV3I1Z\n"
    "tq1/n6u5sLIw0EIztnVwEVSJ7aPaJPRfETcKkxXuSsS+zWWNpAyif3fdNOOdwTTu\n"
    "cFf3LMEffTeCNKUQIjrOWw==\n"
    "-----END PRIVATE KEY-----\n";

static const char ec_sec1_with_parameters[] __attribute__((unused)) =
    "-----BEGIN EC PARAMETERS-----\n"
    "BggqhkjOPQMBBw==\n"
    "-----END EC PARAMETERS-----\n"
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEIGTzdy2n4973Tiq+VMf3irLbUaB2FKk4ZVkOY5pzjuK0oAoGCCqGSM49\n"
    "AwEHoUQDQgAElFyXyyHn+vTiHoGAtwkCd/Ris155EZpSxw6B1iq4MHestDRNWdJC\n"
    "FBLUyeSbkNlBzGy2faT2LlOiT294TyjILg==\n"
    "-----END EC PRIVATE KEY-----\n";

/* the same key */
static const char ec_pkcs8[] __attribute__((unused)) =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZPN3Lafj3vdOKr5U\n"
    "x/eKsttRoHYUqThlWQ5jmnOO4rShRANCAASUXJfLIef69OIegYC3CQJ39GKzXnkR\n"
    "mlLHDoHWKrgwd6y0NE1Z0kIUEtTJ5JuQ2UHMbLZ9pPYuU6JPb3hPKMgu\n"
    "-----END PRIVATE KEY-----\n";

/* the same key */
static const char ec_sec1[] __attribute__((unused)) =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEIGTzdy2n4973Tiq+VMf3irLbUaB2FKk4ZVkOY5pzjuK0oAoGCCqGSM49\n"
    "AwEHoUQDQgAElFyXyyHn+vTiHoGAtwkCd/Ris155EZpSxw6B1iq4MHestDRNWdJC\n"
    "FBLUyeSbkNlBzGy2faT2LlOiT294TyjILg==\n"
    "-----END EC PRIVATE KEY-----\n";

/* the same key */
static const char ec_sec1_compressed[] __attribute__((unused)) =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MFcCAQEEIGTzdy2n4973Tiq+VMf3irLbUaB2FKk4ZVkOY5pzjuK0oAoGCCqGSM49\n"
    "AwEHoSQDIgAClFyXyyHn+vTiHoGAtwkCd/Ris155EZpSxw6B1iq4MHc=\n"
    "-----END EC PRIVATE KEY-----\n";

/* the same key */
static const char ec_sec1_no_public[] __attribute__((unused)) =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MDECAQEEIGTzdy2n4973Tiq+VMf3irLbUaB2FKk4ZVkOY5pzjuK0oAoGCCqGSM49\n"
    "AwEH\n"
    "-----END EC PRIVATE KEY-----\n";

static const char ec_explicit[] __attribute__((unused)) =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MIIBaAIBAQQgyFR6WAgD6pMY9Rvefz2CIY9XtlIoNz5W6sfpIbvC55CggfowgfcC\n"
    "AQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////\n"
    "MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57Pr\n"
    "vVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEE\n"
    "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54W\n"
    "K84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8\n"
    "YyVRAgEBoUQDQgAEEztMeTon2UJfKmXWqzG0OkhJ0np6CsCUn4VM6V6WHsBrXgMt\n"
    "xHnKAFG9OsBBz8c+f+kl90oAQwOv0eGfR4kcrw==\n"
    "-----END EC PRIVATE KEY-----\n";

static const char secp256k1_pkcs8[] __attribute__((unused)) =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQghqZo2WatRS0mj5AG1wyu\n"
    "e3y1o0kR8paUc7aFzllWtoKhRANCAARSyTJbMyycikmU2EpVqs6Qmmwz2pz5BfVB\n"
    "4Z2pEItKbP4L2tOmaV0YrTSvoRIdWhcvIYBC2hjRUlPmiiNEBJI0\n"
    "-----END PRIVATE KEY-----\n";

static const char p384_sec1[] __attribute__((unused)) =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MIGkAgEBBDDVBWzHhfadreM5WOV2lETe3tkXNs6RS2O5N4LqzTxnXL6iEiIg7t3o\n"
    "s0Gqxff9MhqgBwYFK4EEACKhZANiAARlumOW1kp2CfYHY96rWiaVQsJJbrHraEZ1\n"
    "E2k1UkV2zvh7s/YlXp/Rh41VQtFQzBJPBTu8cTWTUqrk2pv/IOKVloZ3ee2ejvuI\n"
    "KihSZXgwyoT4Kdcqlhjgog23ZLgVYcA=\n"
    "-----END EC PRIVATE KEY-----\n";

static const char x25519_pkcs8[] __attribute__((unused)) =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VuBCIEIEiSwK4V40e9XARsf3adIDUUGAYXGH8ELv74vzBg0dN+\n"
    "-----END PRIVATE KEY-----\n";

static const char ed448_pkcs8[] __attribute__((unused)) =
    "-----BEGIN PRIVATE KEY-----\n"
    "MEcCAQAwBQYDK2VxBDsEOUdQhgzrYFJ0CCLVOiqkKMsUrfrxHoHVCVHSKYsUY1zZ\n"
    "Uavn78T1vJPLCib73qOdodES8c1A/LZJ5A==\n"
    "-----END PRIVATE KEY-----\n";

static const char ed25519_pkcs8[] __attribute__((unused)) =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEILA0uZKNY8vKt4wBLZW+XSQ8SHLJ0DWgaWbWPimUGCj/\n"
    "-----END PRIVATE KEY-----\n";

/* the same key, DER in base64 */
static const char ed25519_pkcs8_base64[] __attribute__((unused)) =
    "MC4CAQAwBQYDK2VwBCIEILA0uZKNY8vKt4wBLZW+XSQ8SHLJ0DWgaWbWPimUGCj/";

/* What the signatures below are over; they were made by OpenSSL. */
static const char signed_message[] __attribute__((unused)) =
    "symbol=BTCUSDT&side=BUY&timestamp=1700000000000";

static const char rsa2048_signature[] __attribute__((unused)) =
    "8b75ce1436c86c20584974b782af0d0a97869bc6814ee084fc910cdf90274a571928bd442b98866adec5b5448b7bf74b"
    "f5d062794bcb613eaff2770b91dea0c6732d5aab7c3ed84a2f2d55e7b79fe21cbcc2644ef7f16a9815d70f6f3fbe083c"
    "3c3f9617ed4135ffbb6be5cfb047d7bc672cdadfcb30a6bc24b8c4cdc9cfaa98f5c94600e7c5e39aa8ab9d385f7326b8"
    "cdfba3ae7bf962ca54c5a4e20b0dd525adda62344174a29c9c33957c0da426ad121d61263547bc3d1ce67889881edd5c"
    "cb1c2f25c731c8a3a941d8bf07825347012ead009c08c611d76d29b823552452ae9924b5859382647211703b87631b49"
    "1788d4195d7c842a9cb873aaf3b30bf2";

static const char rsa4096_signature[] __attribute__((unused)) =
    "2a6228bbeda045757196b419010dfbf8095e19e14ef2027288d870fe461518d33e75dfe04cc59b0a3c38151031d6f421"
    "7e77ff5f94ef5b4a38fbd5ac7648bab89cde425aca57d7dce9bf11b4160b986c8772cd1fae61d038535a9d3b2b779181"
    "015b56b270c14a435f3f83799215c3ddbadd9498bdc291296646174f182427d26e240617dec36e49c3ba759a6323266d"
    "beba312e9a9752b5a1b2d418ee1868aee674faed6525cb0f44e96bb1c2958e412315e61aa554c608b1805786ab069d0f"
    "4ff8b66cea42aa1c120ff47d8ffcb5d7d2f3b99294f806fb299c5f16a96e1dda585a3f08c17a550afa17c9b31173f729"
    "574154b6630b5869bf660545a1c8b8af15e1297cb36b8e4753b6d377bccc579593e1fed659429ac13fb684368fab958a"
    "f44579dd641c089f9c16d32bd9ee4e460a49e74a9ba163abfad1b1d2e3b7b90920ecdbae40bc1671c2fbd232c3cd0833"
    "ffb23023c2f07f94a22130370f9fe8279c386b947fcdc422d44c31589b947059f9992a86e4af2981c7fc030eb92d391b"
    "df71fe172ce9c8c75d31cc4eb458c0b27d17d086cd6083941f68a070c97d721e532ae5a6a8d7af6eb307476a6c2a6235"
    "1232241cba882354c9c08ef986b450cefaca045544d7e2c95eba18125c033daac208ca6cfdd2b6ec0ec7c4bde761b579"
    "96c7b6e825753288bf0fb6ff834aee020f571f96e8d6abcd8cbd30f94081f489";

static const char ed25519_signature[] __attribute__((unused)) =
    "b820ce22e65a66fa80c4c05ca39f247789c68feaea18ee2305b78118215f8b8df8d85f96b4d25a9e4dd06b030867cbf5"
    "862909816cde20813bafc321dce19902";

/* The public half of ec_pkcs8, uncompressed. */
static const char ec_public[] __attribute__((unused)) =
    "04945c97cb21e7faf4e21e8180b7090277f462b35e79119a52c70e81d62ab83077acb4344d59d2421412d4c9e49b90d9"
    "41cc6cb67da4f62e53a24f6f784f28c82e";

/* r || s with the nonce of RFC 6979. */
static const char ec_signature[] __attribute__((unused)) =
    "ce1d7a8d9f806f673acf15836333e2a3c7f5f66274563e75c5611e5ea963c20d3ec8f24563e9bcdb72b0eb558f8a29a3"
    "b3a07cbe58da8600d6b4a43540cfa181";

/* The key of RFC 6979, appendix A.2.5. */
static const char rfc6979_sec1[] __attribute__((unused)) =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEIMmvqdhFunUWa1whV2ex1pNOUMPbNuibEnuKYisSD2choAoGCCqGSM49\n"
    "AwEHoUQDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Z5A/4QCLi8\n"
    "maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\n"
    "-----END EC PRIVATE KEY-----\n";

static const char rfc6979_sample[] __attribute__((unused)) =
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65"
    "f3e900dbb9aff4064dc4ab2f843acda8";

static const char rfc6979_test[] __attribute__((unused)) =
    "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c64915"
    "5f267e60d3814b4c0cc84250e46f0083";

/* A message whose r, with the RFC 6979 key, begins with a zero byte. */
static const char short_r_message[] __attribute__((unused)) =
    "message 3";

static const char short_r_signature[] __attribute__((unused)) =
    "0016a4d9251f63f2a54f9390af8f679d4a08ba3d389670acf5671094b9d4d4fb42a5b6be86af275cafc5e888e48c600b"
    "097b2c4389e045cbaec5ce88d5e79540";

/* A message whose s, with the RFC 6979 key, begins with a zero byte. */
static const char short_s_message[] __attribute__((unused)) =
    "message 46";

static const char short_s_signature[] __attribute__((unused)) =
    "7931b2eb971118c6f56d1031786ae9c86299743ccdad35730ac4139c2a08cc0c006862a34f7a75cad52b199f09789fab"
    "3fdb45b2e7dc7c1452008e46b1bcbe9e";

#endif
