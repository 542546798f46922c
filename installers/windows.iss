; An installer for Windows of what `installers/README.md` builds: iscc installers\windows.iss
[Setup]
AppName=Zoetrope
AppVersion=0.1.0
DefaultDirName={autopf}\Zoetrope
DefaultGroupName=Zoetrope
OutputDir=..\dist
OutputBaseFilename=zoetrope-setup
LicenseFile=..\LICENSE
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
PrivilegesRequired=lowest

[Files]
Source: "..\dist\zoetrope\*"; DestDir: "{app}"; Flags: recursesubdirs

[Icons]
Name: "{group}\Zoetrope"; Filename: "{app}\zoetrope.exe"
