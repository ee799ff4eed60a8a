// SPDX-License-Identifier: Apache-2.0
// Source only: this file was never run by Gradle. The shell is the module sdk/android, which the app includes as :clarion_shell.
plugins {
    id("com.android.library")
    kotlin("android")
}

android {
    namespace = "io.clarion.flutter"
    compileSdk = 36
    defaultConfig { minSdk = 26 }
    sourceSets["main"].kotlin.srcDirs("src/main/kotlin")
    kotlinOptions { jvmTarget = "17" }
}

dependencies {
    implementation(project(":clarion_shell"))
}
