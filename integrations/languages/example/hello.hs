-- SPDX-License-Identifier: MIT
import System.Environment (getArgs)

main :: IO ()
main = getArgs >>= \words -> putStrLn ("hello from Haskell, " ++ show (length (last words)))
